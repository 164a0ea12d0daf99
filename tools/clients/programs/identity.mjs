// Says who the environment's credentials are, as any program with the AWS SDK for JavaScript would.
import dns from 'node:dns'
import { createRequire } from 'node:module'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'

// The SDK reads no proxy from the environment: no name is looked up, so no call leaves the machine.
const lookup = dns.lookup
dns.lookup = (host, ...rest) => {
  if (host === 'localhost' || /^127\./.test(host)) return lookup(host, ...rest)
  process.nextTick(rest.at(-1), new Error(`${host} is not looked up`))
}

const { version } = createRequire(import.meta.url)('@aws-sdk/client-sts/package.json')
const client = new STSClient({ maxAttempts: 1 })
const { Arn } = await client.send(new GetCallerIdentityCommand({}))
process.stdout.write(`${version} ${Arn}\n`)
