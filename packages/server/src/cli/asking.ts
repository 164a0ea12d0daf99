import { type Keys, runningServer } from './client.ts'
import { callerNamed, type Environment, endpointNamed, keysOfNamed } from './environment-keys.ts'
import { badConfiguration, ServiceRefusal } from './failure.ts'
import { Home, type RunningServer } from './home.ts'
import { askWho, type Signer, signerOf } from './signer.ts'

/** A server, and the keys with which a command asks it. */
export interface Reached {
  readonly server: Pick<RunningServer, 'url' | 'partition'>
  readonly keys: Keys
}

/** Which server a question goes to, with which keys, and who asks. */
export interface Asking extends Reached {
  /** The caller that the environment names, if the server knows it. */
  readonly me: Signer['me'] | undefined
  /** The environment's key, also one that the server does not know. */
  readonly key: string | undefined
}

/**
 * The server that the environment names: of the home that is given, or at its endpoint, or of the default home (behaviour
 * SHL-50). The server of a home is asked with root's key, another one with the environment's. @throws CommandFailure if
 * there is none, or no key for it
 */
export async function reachedBy(home: string | undefined, environment: Environment): Promise<Reached> {
  const elsewhere = await elsewhereOf(home, environment)
  if (elsewhere !== undefined) return elsewhere
  const server = runningServer(Home.at(home))
  return { server, keys: server.keys.root }
}

/** The same, with who asks. */
export async function askingOf(home: string | undefined, environment: Environment): Promise<Asking> {
  const reached = await reachedBy(home, environment)
  const named = callerNamed(environment)
  const isHome = 'keys' in reached.server
  // at a home, with roles behind the profile, sessions are meant that began with its key
  const keys = isHome ? named?.keys : reached.keys
  const me = keys && (await askWho(reached.server, keys))
  return { ...reached, me, key: named?.keys.accessKeyId }
}

/**
 * The server at the environment's endpoint, if it is not that of the home: undefined if a home is named, or none is
 * needed. @throws CommandFailure if the environment has no key for it
 */
export async function elsewhereOf(
  home: string | undefined,
  environment: Environment,
): Promise<Reached | undefined> {
  if (home !== undefined) return undefined
  const named = callerNamed(environment)
  const endpoint = endpointNamed(environment, named)
  if (endpoint === undefined || isSameServer(endpoint, Home.at(home).readServer()?.url)) return undefined
  if (!URL.canParse(endpoint)) throw badConfiguration(`${endpoint} is no address of a server`)
  if (named === undefined)
    throw badConfiguration(
      `the environment names the server ${endpoint}, and no keys: name its folder with --home, or set AWS_ACCESS_KEY_ID or AWS_PROFILE`,
    )
  const server = { url: endpoint }
  return { server, keys: await keysOfNamed(named, server) }
}

/** The same server, and who signs calls that act: the environment's caller, or the home's admin (behaviour SHL-25). */
export async function signingAt(
  home: string | undefined,
  environment: Environment,
): Promise<{ readonly server: Reached['server']; readonly signer: Signer }> {
  const elsewhere = await elsewhereOf(home, environment)
  if (elsewhere === undefined) {
    const server = runningServer(Home.at(home))
    return { server, signer: await signerOf(server, environment) }
  }
  const { server, keys } = elsewhere
  const me = await askWho(server, keys)
  if (me === undefined)
    throw new ServiceRefusal(
      'unknownKey',
      `the server ${server.url} does not know the key ${keys.accessKeyId}`,
    )
  return { server, signer: { keys, from: 'the environment', me } }
}

/** Returns whether two addresses are of one server: loopback has several names. */
function isSameServer(one: string, other: string | undefined): boolean {
  if (other === undefined || !URL.canParse(one)) return false
  const [a, b] = [new URL(one), new URL(other)]
  const place = ({ hostname }: URL) =>
    /^(?:127\.[\d.]+|localhost|\[::1\])$/.test(hostname) ? 'loopback' : hostname
  return a.port === b.port && place(a) === place(b)
}
