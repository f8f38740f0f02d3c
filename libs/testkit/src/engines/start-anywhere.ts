import { type ContainerEngine, startContainer } from './docker/start-container.ts'
import { EngineError } from './engine.ts'
import type { Recipe } from './recipe.ts'
import { type EngineOptions, type LocalEngine, startEngine } from './start-engine.ts'

/** Starts an engine of one's own in a container where Docker has it, else from what this machine has. */
export async function startAnywhere(
  recipe: Recipe,
  options: EngineOptions = {},
): Promise<ContainerEngine | LocalEngine> {
  let reason = ''
  try {
    const container = await startContainer(recipe, options)
    if (container) return container
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    reason = ` (${error.message})`
  }
  const engine = await startEngine(recipe, options)
  return { ...engine, origin: `${engine.origin}${reason}` }
}
