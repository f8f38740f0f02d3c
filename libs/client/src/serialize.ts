/** JSON, unless the body is text or bytes already: files go as they are. */
export function serializeBody(body: unknown): NonNullable<RequestInit['body']> {
  if (typeof body === 'string' || body instanceof Blob || body instanceof ReadableStream) return body
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return new Uint8Array(toBytes(body))
  return JSON.stringify(body)
}

const toBytes = (body: ArrayBuffer | ArrayBufferView): ArrayBuffer | Uint8Array =>
  body instanceof ArrayBuffer ? body : new Uint8Array(body.buffer, body.byteOffset, body.byteLength)

/** Fills in a path's parameters. The path of a file keeps its slashes. */
export function serializePath(path: string, parameters: Record<string, unknown>): string {
  return path.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const value = parameters[name]
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return name === 'path' ? text.split('/').map(encodeURIComponent).join('/') : encodeURIComponent(text)
  })
}
