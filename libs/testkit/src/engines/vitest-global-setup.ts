import { pullImage } from './docker/image.ts'
import { influxdb } from './kinds/influxdb.ts'
import { opensearch } from './kinds/opensearch.ts'
import { install, type Recipe } from './recipe.ts'
import { recipes } from './recipes.ts'

/** Their tests wait for them: nobody else should. */
const slow = [influxdb, opensearch]

/** Fetches what the engines need before any test's time counts. Where that fails, the tests that need it say why. */
export async function setup(): Promise<void> {
  await Promise.allSettled(recipes.filter((it) => !slow.includes(it)).map(fetchEngine))
}

async function fetchEngine(recipe: Recipe): Promise<void> {
  const isPulled = await pullImage(recipe.image).catch(() => false)
  if (!isPulled) await install(recipe)
}
