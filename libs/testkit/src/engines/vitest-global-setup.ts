import { mongodb } from './kinds/mongodb.ts'
import { rabbitmq } from './kinds/rabbitmq.ts'
import { redis } from './kinds/redis.ts'
import { s3 } from './kinds/s3.ts'
import { install } from './recipe.ts'

/** Fetches what the engines need before any test's time counts. Where that fails, the tests that need it say why. */
export async function setup(): Promise<void> {
  await Promise.allSettled([redis, rabbitmq('3.10'), rabbitmq('4.0'), mongodb, s3].map(install))
}
