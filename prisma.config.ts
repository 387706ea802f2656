import { defineConfig } from 'prisma/config';
import { SchemaEngineAdapter } from './lib/prisma/schema-engine-adapter';

export default defineConfig({
  experimental: { adapter: true },
  engine: 'js',
  schema: 'lambda/migrations/schema.prisma',
  migrations: { path: 'lambda/migrations' },
  adapter: () => Promise.resolve(new SchemaEngineAdapter(process.env.DIRECT_DATABASE_URL)),
});
