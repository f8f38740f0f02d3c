import { type ColumnType, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import pg from 'pg'

const catalogChar = 18
const name = 19
const {
  BOOL,
  BPCHAR,
  INT2,
  INT4,
  INT8,
  JSON: JSON_TEXT,
  JSONB,
  OID,
  TEXT,
  TIMESTAMP,
  TIMESTAMPTZ,
  UUID,
  VARCHAR,
} = pg.types.builtins
const int2Array = 1005
const int4Array = 1007
const nameArray = 1003
const textArray = 1009
const varcharArray = 1015
const firstUserDefined = 16_384

const known = new Map<number, ColumnType>([
  [BOOL, ColumnTypeEnum.Boolean],
  [catalogChar, ColumnTypeEnum.Character],
  [INT2, ColumnTypeEnum.Int32],
  [INT4, ColumnTypeEnum.Int32],
  [INT8, ColumnTypeEnum.Int64],
  [OID, ColumnTypeEnum.Int64],
  [name, ColumnTypeEnum.Text],
  [TEXT, ColumnTypeEnum.Text],
  [BPCHAR, ColumnTypeEnum.Text],
  [VARCHAR, ColumnTypeEnum.Text],
  [JSON_TEXT, ColumnTypeEnum.Json],
  [JSONB, ColumnTypeEnum.Json],
  [UUID, ColumnTypeEnum.Uuid],
  [TIMESTAMP, ColumnTypeEnum.DateTime],
  [TIMESTAMPTZ, ColumnTypeEnum.DateTime],
  [int2Array, ColumnTypeEnum.Int32Array],
  [int4Array, ColumnTypeEnum.Int32Array],
  [nameArray, ColumnTypeEnum.TextArray],
  [textArray, ColumnTypeEnum.TextArray],
  [varcharArray, ColumnTypeEnum.TextArray],
])

/** What the engine calls a PostgreSQL type that occurs in the catalog or in the table of migrations. */
export function columnTypeOf(oid: number): ColumnType {
  const type = known.get(oid) ?? (oid >= firstUserDefined ? ColumnTypeEnum.Text : undefined)
  if (type === undefined) throw new Error(`the schema engine was not expected to read type ${oid}`)
  return type
}

const parsers = new Map<number, (text: string) => unknown>([
  [INT8, String],
  [OID, String],
  [JSON_TEXT, String],
  [JSONB, String],
  [TIMESTAMP, isoTime],
  [TIMESTAMPTZ, isoTime],
  [catalogChar, (text) => (text === '' ? '\0' : text)],
])

/** Values as the engine expects them. The session runs in UTC. */
export const engineTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number) => parsers.get(oid) ?? pg.types.getTypeParser(oid),
}

function isoTime(text: string): string {
  return `${text.replace(' ', 'T').replace(/\+00$/, '')}+00:00`
}
