import { createServer } from 'node:http'

// What the guard is put in front of, and measured against: takes any body, answers `/large…` with as many bytes
// as it is asked for (`?versionId=`), questions for policies with none, uploads with nothing, anything else with one
// small JSON.
const small = Buffer.from('{"QueueUrl":"http://localhost/123456789012/bench"}')
const piece = Buffer.alloc(64 * 1024, 'x')
const noPolicy = Buffer.from('<Error><Code>NoSuchBucketPolicy</Code></Error>')

const server = createServer((request, response) => {
  const { url = '/' } = request
  request.resume()
  request.on('end', () => {
    if (/\?(?:policy|publicAccessBlock|ownershipControls)=$/.test(url)) {
      response.writeHead(404, { 'content-length': noPolicy.length }).end(noPolicy)
      return
    }
    const bytes = request.method === 'GET' ? Number(/versionId=(\d+)/.exec(url)?.[1] ?? 0) : 0
    if (request.method === 'PUT') {
      response.writeHead(200, { 'content-length': 0 }).end()
      return
    }
    if (bytes === 0) {
      response.writeHead(200, {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': small.length,
      })
      response.end(small)
      return
    }
    response.writeHead(200, { 'content-length': bytes })
    let left = bytes
    const more = () => {
      while (left > 0) {
        const part = left < piece.length ? piece.subarray(0, left) : piece
        left -= part.length
        if (!response.write(part)) {
          response.once('drain', more)
          return
        }
      }
      response.end()
    }
    more()
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' && address ? address.port : 0}\n`)
})
process.once('SIGTERM', () => process.exit(0))
