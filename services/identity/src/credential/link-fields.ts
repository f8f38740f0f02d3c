import { z } from 'zod'
import { emailField, lineField } from '../account/account-fields.ts'
import { accepted } from '../account/account-view.ts'

export const linkTokenField = lineField(200).describe('From the link in the mail')

export const nothing = { 204: z.undefined() }

/** Asks for mail to an address that may or may not have an account. */
export const requestMailSchema = {
  body: z.strictObject({ email: emailField }),
  response: { 202: accepted },
}
