import { pageOf, pageQuery } from '@sandkeep/service-kit'
import { z } from 'zod'
import {
  emailField,
  idempotencyKey,
  ifMatch,
  lineField,
  nameField,
  newPasswordField,
  objectField,
  roleField,
  statusField,
  usernameField,
} from './account-fields.ts'
import { userView } from './account-view.ts'

const params = z.object({ id: z.uuid() })

export const listSchema = {
  querystring: pageQuery.extend({
    role: roleField.optional(),
    status: statusField.optional(),
    q: lineField(100).min(2).optional().describe('Parts of the username or of a name, in any order'),
  }),
  response: { 200: pageOf(userView) },
}

export const createSchema = {
  headers: idempotencyKey,
  body: z
    .strictObject({
      email: emailField,
      username: usernameField,
      password: newPasswordField
        .optional()
        .describe('Without it and without a hash the person is invited by mail'),
      passwordHash: z
        .string()
        .max(255)
        .optional()
        .describe(
          'A hash from elsewhere, made anew at the first login: $argon2id$…, $2b$… (bcrypt), $pbkdf2-sha256$i=…$salt$hash or $scrypt$ln=…,r=…,p=…$salt$hash, also as Passlib, Django and Werkzeug write them',
        ),
      firstName: nameField.optional(),
      lastName: nameField.optional(),
      role: roleField.default('student'),
      status: statusField.default('active'),
      emailVerified: z.boolean().default(false),
      metadata: objectField.default({}),
    })
    .refine((it) => it.password === undefined || it.passwordHash === undefined, {
      path: ['passwordHash'],
      message: 'must be absent when a password is given',
    }),
  response: { 201: userView },
}

export const editSchema = {
  params,
  headers: ifMatch,
  body: z.strictObject({
    email: emailField.optional(),
    username: usernameField.optional(),
    firstName: nameField.nullable().optional(),
    lastName: nameField.nullable().optional(),
    metadata: objectField.optional(),
  }),
  response: { 200: userView },
}

export const roleSchema = {
  params,
  headers: ifMatch,
  body: z.strictObject({ role: roleField }),
  response: { 200: userView },
}
export const statusSchema = {
  params,
  headers: ifMatch,
  body: z.strictObject({ status: statusField }),
  response: { 200: userView },
}

export const readSchema = { params, response: { 200: userView } }
export const deleteSchema = {
  params,
  headers: ifMatch,
  querystring: z.strictObject({}),
  response: { 204: z.undefined() },
}
