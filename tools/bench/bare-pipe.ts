import { connect, createServer } from 'node:net'

// Less than a proxy: bytes from one socket to the other, not one of them looked at. No proxy in this language moves
// large bodies faster. Run as: bare-pipe.ts UPSTREAM-PORT
const port = Number(process.argv[2])
const server = createServer((caller) => {
  const upstream = connect(port, '127.0.0.1')
  caller.on('error', () => upstream.destroy())
  upstream.on('error', () => caller.destroy())
  caller.pipe(upstream).pipe(caller)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' && address ? address.port : 0}\n`)
})
process.once('SIGTERM', () => process.exit(0))
