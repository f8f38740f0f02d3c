import { defineConfig } from 'vitest/config'

const everywhere = {
  exclude: ['**/node_modules/**', 'workshop/new-service/template/**'],
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // What is waited for comes on a busy machine too.
  expect: { poll: { timeout: 10_000 } },
}

export default defineConfig({
  test: {
    globalSetup: ['libs/testkit/src/vitest-global-setup.ts'],
    projects: [
      {
        test: {
          ...everywhere,
          name: 'embedded',
          include: ['{libs,services,deploy,proto,bench,prove,workshop}/**/*.test.ts'],
          exclude: [...everywhere.exclude, '**/*.engines.test.ts'],
        },
      },
      {
        test: {
          ...everywhere,
          name: 'engines',
          globalSetup: ['libs/testkit/src/engines/vitest-global-setup.ts'],
          include: ['{libs,services,deploy,prove}/**/*.engines.test.ts'],
        },
      },
    ],
  },
})
