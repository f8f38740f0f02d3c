import { defineConfig } from 'vitest/config'

const everywhere = {
  exclude: ['**/node_modules/**', 'workshop/new-service/template/**'],
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // What is waited for comes on a busy machine too.
  expect: { poll: { timeout: 10_000 } },
}

/** The suites of what speaks SQL, on each version of PostgreSQL that `npm test` does not run them on. */
const postgresProjects = ['15', '17'].map((version) => ({
  test: {
    ...everywhere,
    name: `postgres-${version}`,
    globalSetup: ['libs/testkit/src/postgres/version-setup.ts'],
    include: [
      'libs/postgres/src/{database,migrate/*}.test.ts',
      'libs/{documents,messaging,service-kit}/src/**/*.test.ts',
      'services/{identity,sandbox}/{src,test}/**/*.test.ts',
    ],
    exclude: [...everywhere.exclude, '**/{*.engines,readme}.test.ts'],
  },
}))

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
      ...postgresProjects,
    ],
  },
})
