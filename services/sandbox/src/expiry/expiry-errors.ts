import { DomainError } from '@sandkeep/service-kit'

export class ExpiryOutOfBoundsError extends DomainError {
  override readonly name = 'ExpiryOutOfBoundsError'
  constructor(earliest: Date, latest: Date) {
    const rule = `must be between ${earliest.toISOString()} and ${latest.toISOString()}`
    super({
      kind: 'invalid',
      code: 'expiry_out_of_bounds',
      message: `expiresAt ${rule}`,
      errors: [{ pointer: '/expiresAt', code: 'out_of_bounds', message: rule }],
    })
  }
}
