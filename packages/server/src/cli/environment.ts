import { badConfiguration } from './failure.ts'

/** Omen's environment variables, each with its meaning. */
const knownVariables = {
  OMEN_HOST: 'address to listen on',
  OMEN_PORT: 'port to listen on',
  OMEN_HOME: 'folder of the database, keys and credentials',
  OMEN_MODE: 'enforce, audit or off',
  OMEN_ACCOUNT_ID: 'number of the first account',
  OMEN_PARTITION: 'what ARNs begin with: aws, aws-cn or aws-us-gov',
  OMEN_SEED: 'file or folder of seeds for the first start',
  OMEN_TRAIL_FOLDER: 'folder that trails deliver to',
  OMEN_TRAIL_ENDPOINT: 'S3 that trails deliver to',
  OMEN_TRAIL_REGION: 'region of that S3',
  OMEN_TRAIL_ACCESS_KEY_ID: 'key that may put objects there',
  OMEN_TRAIL_SECRET_ACCESS_KEY: 'its secret',
  OMEN_RETENTION_DAYS: 'days that events are kept',
  OMEN_RETENTION_SIZE: 'how much events may take: 500MB',
  OMEN_RUN_FUNCTIONS: 'how Lambda functions run: fenced or unconfined',
  OMEN_REFUSE_NEW_ADMIN_PATHS: 'changes that open a path to an administrator are refused',
  OMEN_ASSUME_TLS: 'every call counts as one over TLS',
  OMEN_TRUSTED_PROXY: 'proxies whose X-Forwarded-Proto counts',
  OMEN_NODE_NAME: 'what logs and metrics call this process',
  OMEN_WORKERS: 'processes that listen together, with OMEN_STORE',
  OMEN_DRAIN_SECONDS: 'how long it still answers after SIGTERM',
  OMEN_FINISH_SECONDS: 'how long calls in flight may take when it stops',
  OMEN_LAKE: 'where events of all accounts go as files: s3://bucket/prefix',
  OMEN_LOG: 'lines of JSON on standard output: json or json-faults',
  OMEN_METRICS_PORT: 'port for scrapers of metrics',
  OMEN_METRICS_HOST: 'address of that port',
  OMEN_UPSTREAM: 'endpoint that the guard forwards to',
  OMEN_UPSTREAM_KEY: 'key that it accepts, ID:SECRET',
  OMEN_FORWARD: 'services of Omen that are forwarded as well',
  OMEN_PASS: 'paths of the upstream that need no permission, such as a reset',
  OMEN_ALLOW_UNCHECKED: 'services whose further calls are not checked',
  OMEN_STORE: 'URL of the PostgreSQL database that several nodes share',
  OMEN_STORE_PASSWORD_FILE: 'file with the password of that database',
  OMEN_FIRST_KEYS: 'first keys of a new home or database, as JSON',
  OMEN_MASTER_KEY_FILE: 'file with the key of secrets at rest',
  OMEN_MASTER_KEY_NEXT: 'the key that a rotation introduces; every node needs both meanwhile',
  OMEN_MASTER_KEY_NEXT_FILE: 'file with that key',
  OMEN_FRESH: 'how old an answer of a shared store may be: 500ms',
  OMEN_MEMORY_FOR_ACCOUNTS: 'memory for accounts: 512MB',
  OMEN_LANG: 'language of omen learn: en or ja',
  OMEN_LEARN: 'off: no lessons, in the terminal and in the console',
  OMEN_SSO_PASSWORD: 'new password of a user of IAM Identity Center, for omen sso',
  OMEN_MASTER_KEY: 'key of secrets at rest, 64 hexadecimal digits; left out, a file in the home holds it',
} as const

export type Variable = keyof typeof knownVariables

/** @throws CommandFailure if a variable begins with OMEN_ and is unknown: a typo must not switch enforcement off */
export function checkEnvironment(environment: Readonly<Record<string, string | undefined>>): void {
  const names = Object.keys(knownVariables)
  for (const name of Object.keys(environment)) {
    if (!name.startsWith('OMEN_') || names.includes(name)) continue
    throw badConfiguration(`unknown environment variable ${name}${didYouMean(name, names)}`)
  }
}

/** `; did you mean X?`, or nothing if no name is similar. */
export function didYouMean(text: string, names: readonly string[]): string {
  let nearest: string | undefined
  // of a text of two letters one is kept
  let least = Math.min(text.length, Math.max(2, Math.floor(text.length / 3)) + 1)
  for (const name of names) {
    const distance = editDistance(text.toLowerCase(), name.toLowerCase())
    if (distance < least) {
      least = distance
      nearest = name
    }
  }
  return nearest === undefined ? '' : `; did you mean ${nearest}?`
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substitution, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[b.length]!
}
