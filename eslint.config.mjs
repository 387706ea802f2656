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
  {
    // Data and decisions stay free of AWS, so that commands, Lambda functions and tests can all use them.
    files: ['lib/{shared,contract,config,monitoring}/**/*.ts', 'lambda/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs'],
              message: 'this folder is pure or runs in Lambda: no CDK',
            },
          ],
        },
      ],
    },
  },
);
