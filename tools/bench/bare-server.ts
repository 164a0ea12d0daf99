import { createServer } from 'node:http'

// The baseline: node:http that reads the body and answers given bytes. Run as: bare-server.ts STATUS-HEADERS-BODY-JSON
const { headers, body } = JSON.parse(process.argv[2]!) as { headers: Record<string, string>; body: string } // written by wire.ts
const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    Buffer.concat(chunks)
    response.writeHead(200, headers)
    response.end(body)
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' && address ? address.port : 0}\n`)
})
process.once('SIGTERM', () => process.exit(0))
