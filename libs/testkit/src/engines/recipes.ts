import { influxdb } from './kinds/influxdb.ts'
import { mongodb } from './kinds/mongodb.ts'
import { opensearch } from './kinds/opensearch.ts'
import { postgres, postgresVersions } from './kinds/postgres.ts'
import { brokerVersions, rabbitmq } from './kinds/rabbitmq.ts'
import { redis } from './kinds/redis.ts'
import { s3 } from './kinds/s3.ts'
import type { Recipe } from './recipe.ts'

/** Every engine that can be had on a machine that reaches the package registries, in each version. */
export const recipes: readonly Recipe[] = [
  ...postgresVersions.map((version) => postgres(version)),
  ...brokerVersions.map(rabbitmq),
  redis(),
  mongodb(),
  s3,
  influxdb,
  opensearch,
]
