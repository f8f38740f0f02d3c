import { expect, test } from 'vitest'
import { writeMail } from './mail-text.ts'

const greeting = (firstName: string | null) =>
  writeMail('verify_email', { username: 'ada', firstName }, 'https://sandkeep.example').text.split('\n')[0]

test.each(['Ada', 'Mary-Jane', "O'Neill", 'J. R.', 'Ærø'])('%s is greeted by name', (name) => {
  expect(greeting(name)).toBe(`Welcome to Sandkeep, ${name}!`)
})

test.each([null, 'see https://evil.example', 'evil.example/now', 'mail me@evil.example', 'www.evil.example'])(
  '%s is greeted by username',
  (name) => {
    expect(greeting(name)).toBe('Welcome to Sandkeep, ada!')
  },
)
