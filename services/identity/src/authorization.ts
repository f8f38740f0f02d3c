import { defineAuthorization } from '@sandkeep/service-kit'

const everybodyTheirOwn = { student: 'own', instructor: 'own', admin: 'own' } as const
const administratorsOnly = { admin: 'any' } as const

/** Who may call what, and on whose objects. Routes that are not here are public or for services, and say so. */
export const authorization = defineAuthorization({
  getMe: everybodyTheirOwn,
  updateMe: everybodyTheirOwn,
  replaceMyAvatar: everybodyTheirOwn,
  changeMyPassword: everybodyTheirOwn,
  listMySessions: everybodyTheirOwn,
  revokeMySession: everybodyTheirOwn,
  listUsers: administratorsOnly,
  createUser: administratorsOnly,
  getUser: { student: 'own', instructor: 'own', admin: 'any' },
  updateUser: administratorsOnly,
  deleteUser: administratorsOnly,
  changeUserRole: administratorsOnly,
  changeUserStatus: administratorsOnly,
})
