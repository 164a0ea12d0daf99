import type { WhoAmI } from '../gate/index.ts'
import { callHouse, type Keys } from './client.ts'
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
 * The credentials of the environment if they are this server's, otherwise those of the home's admin. Expired
 * credentials of this server are refused: the end of a session must not make anyone admin. @throws ServiceRefusal if
 * the server does not accept them
 */
export async function signerOf(
  server: RunningServer,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Signer> {
  const keys = keysIn(environment)
  if (keys !== undefined) {
    const me = await askWho(server, keys)
    if (me !== undefined) return { keys, from: 'the environment', me }
    printError(`omen: the key ${keys.accessKeyId} is not a key of this server: admin's key is used\n`)
  }
  const { admin } = server.keys
  const me = await askWho(server, admin)
  if (me === undefined)
    throw new ServiceRefusal('unknownKey', `the server no longer has admin's key ${admin.accessKeyId}`)
  return { keys: admin, from: 'the home', me }
}

/** The environment's credentials as every AWS client finds them. */
export function keysIn(environment: Readonly<Record<string, string | undefined>>): Keys | undefined {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = environment
  if (!accessKeyId || !secretAccessKey) return undefined
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) }
}

/** The identity of the keys; undefined if the server does not know them. */
export async function askWho(server: RunningServer, keys: Keys): Promise<WhoAmI | undefined> {
  try {
    return (await callHouse(server, 'GET', '/_omen/whoami', keys)) as WhoAmI // the route's own answer
  } catch (error) {
    if (error instanceof ServiceRefusal && error.code === 'unknownKey') return undefined
    throw error
  }
}
