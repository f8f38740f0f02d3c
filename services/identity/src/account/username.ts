import { usernameKey } from './account.ts'

export const usernamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]*$/

// Names that a person could pass off as the platform's own, or that read as a path or an address of it.
const reserved = new Set(
  `about abuse account accounts admin administrator anonymous api auth billing bot contact daemon deleted docs erlang
  everyone guest help hostmaster identity info internal login logout mail mailer-daemon me moderator news no-reply
  nobody noreply null official operator owner postmaster privacy register root sandbox sandkeep security settings
  signup staff status superuser support sysadmin system team terms undefined unknown user users webmaster www`.split(
    /\s+/,
  ),
)

/** Whether a name is kept back from public registration. Administrators may still give it. */
export const isReservedUsername = (username: string): boolean => reserved.has(usernameKey(username))
