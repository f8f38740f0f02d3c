import type { DescEnum, EnumShape } from '@bufbuild/protobuf'
import { ContractError } from './event-contract.ts'

/**
 * The text by which HTTP and SQL know an enum's value: `UserRole.ADMIN` is `admin`, `LoginFailure.NOT_ACTIVE` is
 * `not-active`. Null for the zero value and for values this version does not know.
 */
export function enumToText<Desc extends DescEnum>(desc: Desc, value: EnumShape<Desc>): string | null {
  const known = value === 0 ? undefined : desc.value[value]
  return known ? known.localName.toLowerCase().replaceAll('_', '-') : null
}

/** The enum's value for such a text; throws `ContractError` when there is none. */
export function enumFromText<Desc extends DescEnum>(desc: Desc, text: string): EnumShape<Desc> {
  const found = desc.values.find((value) => enumToText(desc, value.number as EnumShape<Desc>) === text)
  if (!found) throw new ContractError(`${desc.typeName} has no value "${text}"`)
  return found.number as EnumShape<Desc>
}
