import { offerSharedServer } from './postgres/shared-server.ts'

let shared: AsyncDisposable | null = null

export async function setup(): Promise<void> {
  shared = await offerSharedServer()
}

export async function teardown(): Promise<void> {
  await shared?.[Symbol.asyncDispose]()
}
