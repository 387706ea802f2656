import tseslint from 'typescript-eslint';

/** Where the environment may be read: the outermost edge of a command or of a Lambda function. */
const environmentEdges = ['bin/**/*.ts', 'lambda/*/env.ts', 'test/**/*.ts'];

export default tseslint.config(
  { ignores: ['cdk.out/**', 'node_modules/**', 'rehearsal/**', '**/*.cjs', '**/*.mjs'] },
  ...tseslint.configs.recommendedTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  {
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      eqeqeq: 'error',
      'no-console': 'error',
      'prefer-const': 'error',
      'max-lines': ['error', 250],
      'max-lines-per-function': ['error', 60],
    },
  },
  {
    files: ['lib/**/*.ts', 'lambda/**/*.ts'],
    ignores: environmentEdges,
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'read the environment in bin/ or lambda/*/env.ts and pass it on',
        },
      ],
    },
  },
);
