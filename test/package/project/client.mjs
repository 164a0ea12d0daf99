// What `omen start --exec` runs: it asks the server that the environment names.
const { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID } = process.env
const { headers } = await fetch(`${AWS_ENDPOINT_URL}/_omen/health`)
process.stdout.write(`${headers.get('x-omen-mode')} ${AWS_ACCESS_KEY_ID?.slice(0, 4)} ${process.argv[2]}\n`)
process.exitCode = 7
