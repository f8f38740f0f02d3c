import type { App } from '@sandkeep/service-kit'
import { type SampleItemRouteParts, sampleItemRoutes } from './sample-item/sample-item-routes.ts'

export type RouteParts = SampleItemRouteParts

export function routes(app: App, parts: RouteParts): void {
  sampleItemRoutes(app, parts)
}
