import type { WhoAmI } from '../gate/index.ts'
import { callServer, type Keys } from './client.ts'
import { callerNamed, type Environment, keysOfNamed, type Named } from './environment-keys.ts'
import { ServiceRefusal } from './failure.ts'
import type { RunningServer } from './home.ts'
import { printError } from './output.ts'

/** The signer of a command's calls. */
export interface Signer {
  readonly keys: Keys
  readonly from: 'the environment' | 'the home'
  readonly me: WhoAmI
}

/**
 * The credentials of the environment, its keys or its profile, if they are this server's, otherwise those of the home's
 * admin. Expired credentials of this server are refused: the end of a session must not make anyone admin (behaviour
 * SHL-25). @throws ServiceRefusal if the server does not accept them
 */
export async function signerOf(server: RunningServer, environment: Environment): Promise<Signer> {
  const named = callerNamed(environment)
  if (named !== undefined) {
    const signer = await signerNamed(server, named)
    if (signer !== undefined) return signer
    const of = named.profile === undefined ? '' : ` of the profile ${named.profile} (AWS_PROFILE)`
    printError(
      `omen: the key ${named.keys.accessKeyId}${of} is not a key of this server: admin's key is used\n`,
    )
  }
  const { admin } = server.keys
  const me = await askWho(server, admin)
  if (me === undefined)
    throw new ServiceRefusal('unknownKey', `the server no longer has admin's key ${admin.accessKeyId}`)
  return { keys: admin, from: 'the home', me }
}

/** The signer that the environment names; undefined if its key is of another server. @throws ServiceRefusal as above */
export async function signerNamed(server: RunningServer, named: Named): Promise<Signer | undefined> {
  const first = await askWho(server, named.keys)
  if (first === undefined) return undefined
  const keys = await keysOfNamed(named, server)
  const me = keys === named.keys ? first : await askWho(server, keys)
  return me && { keys, from: 'the environment', me }
}

/** The identity of the keys; undefined if the server does not know them. */
export async function askWho(
  server: Pick<RunningServer, 'url' | 'partition'>,
  keys: Keys,
): Promise<WhoAmI | undefined> {
  try {
    return (await callServer(server, 'GET', '/_omen/whoami', keys)) as WhoAmI // the route's own answer
  } catch (error) {
    if (error instanceof ServiceRefusal && error.code === 'unknownKey') return undefined
    throw error
  }
}
