import { DomainError } from '@sandkeep/service-kit'

/** Also for what belongs to somebody else: nobody learns which ids there are. */
export class SampleItemNotFoundError extends DomainError {
  override readonly name = 'SampleItemNotFoundError'
  constructor() {
    super({
      kind: 'not_found',
      code: 'sample_item_not_found',
      message: 'No sample item that you may see has this id.',
    })
  }
}
