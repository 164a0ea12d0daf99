import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'

/** A tiny S3 on a folder, for clients that read what trails delivered, and for deliveries by PUT. */
export interface S3Server extends AsyncDisposable {
  readonly url: string
  /** Headers of every PUT, in order. */
  readonly puts: readonly IncomingMessage['headers'][]
  /** Their paths, as they came. */
  readonly paths: readonly string[]
  /** Refuses every PUT with this code until it is undefined again. */
  refusing: string | undefined
}

const metadataSuffix = '.metadata.json'

export async function serveS3(folder: string): Promise<S3Server> {
  const puts: IncomingMessage['headers'][] = []
  const paths: string[] = []
  const state: { refusing: string | undefined } = { refusing: undefined }
  const server = createServer((incoming, outgoing) => {
    void bodyOf(incoming).then((body) => {
      if (incoming.method === 'PUT') put(incoming, outgoing, body)
      else get(incoming, outgoing)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    puts,
    paths,
    get refusing() {
      return state.refusing
    },
    set refusing(code) {
      state.refusing = code
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }

  function put(incoming: IncomingMessage, outgoing: ServerResponse, body: Buffer): void {
    puts.push(incoming.headers)
    paths.push(incoming.url!)
    if (state.refusing !== undefined) {
      outgoing.writeHead(403).end(`<Error><Code>${state.refusing}</Code><Message>no</Message></Error>`)
      return
    }
    const path = join(folder, decodeURIComponent(new URL(incoming.url!, 'http://s3').pathname))
    const metadata = Object.entries(incoming.headers).flatMap(([name, value]) =>
      name.startsWith('x-amz-meta-') ? [[name.slice('x-amz-meta-'.length), String(value)]] : [],
    )
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, body)
    if (metadata.length > 0)
      writeFileSync(path + metadataSuffix, JSON.stringify(Object.fromEntries(metadata)))
    outgoing.end()
  }

  function get(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const url = new URL(incoming.url!, 'http://s3')
    const [bucket = '', ...parts] = decodeURIComponent(url.pathname).slice(1).split('/')
    const key = parts.join('/')
    if (url.searchParams.has('location')) {
      xml(outgoing, 200, '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>')
    } else if (key === '') list(outgoing, bucket, url.searchParams)
    else object(outgoing, join(folder, bucket, key))
  }

  function list(outgoing: ServerResponse, bucket: string, query: URLSearchParams): void {
    const marker = query.get('marker') ?? ''
    const prefix = query.get('prefix') ?? ''
    const keys = keysOf(join(folder, bucket)).filter((key) => key > marker && key.startsWith(prefix))
    const contents = keys.map(
      (key) =>
        `<Contents><Key>${key}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>"0"</ETag><Size>1</Size><StorageClass>STANDARD</StorageClass></Contents>`,
    )
    xml(
      outgoing,
      200,
      `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${bucket}</Name><Prefix/><Marker/><MaxKeys>10000</MaxKeys><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`,
    )
  }

  function object(outgoing: ServerResponse, path: string): void {
    let bytes: Buffer
    try {
      bytes = readFileSync(path)
    } catch {
      xml(
        outgoing,
        404,
        '<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>',
      )
      return
    }
    const headers: Record<string, string> = { 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT', etag: '"0"' }
    for (const [name, value] of Object.entries(metadataOf(path))) headers[`x-amz-meta-${name}`] = value
    outgoing.writeHead(200, headers).end(bytes)
  }
}

/** The keys below a bucket's folder, in S3's order. */
export function keysOf(folder: string): readonly string[] {
  let paths: string[]
  try {
    paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  } catch {
    return []
  }
  return paths
    .filter((path) => !path.endsWith(metadataSuffix) && statSync(join(folder, path)).isFile())
    .sort((a, b) => (a < b ? -1 : 1))
}

function metadataOf(path: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(path + metadataSuffix, 'utf8')) as Record<string, string>
  } catch {
    return {}
  }
}

function xml(outgoing: ServerResponse, status: number, body: string): void {
  outgoing.writeHead(status, { 'content-type': 'application/xml' })
  outgoing.end(`<?xml version="1.0" encoding="UTF-8"?>\n${body}`)
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}
