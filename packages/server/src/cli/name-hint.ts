import type { Reached } from './asking.ts'
import { callServer } from './client.ts'
import { didYouMean } from './environment.ts'
import { ServiceRefusal } from './failure.ts'
import { shortName } from './short-name.ts'

/** The answer to a question about users and roles; if one of them does not exist, the refusal names what was probably meant. */
export async function withNameHint<T>(
  asked: Promise<T>,
  reached: Reached,
  names: readonly string[],
): Promise<T> {
  try {
    return await asked
  } catch (error) {
    if (!(error instanceof ServiceRefusal) || error.code !== 'NoSuchEntity') throw error
    const candidates = ['root', ...(await namesAt(reached, 'users')), ...(await namesAt(reached, 'roles'))]
    const missing = names.map(shortName).find((name) => !candidates.includes(name))
    const hint = missing === undefined ? '' : didYouMean(missing, candidates)
    throw new ServiceRefusal(error.code, error.message.replace(/\.?(\n|$)/, `${hint}$1`))
  }
}

/** The names of the first account's users or roles, by the server's own list, which is no IAM call and records no event. */
export async function namesAt(
  { server, keys }: Reached,
  what: 'users' | 'roles',
): Promise<readonly string[]> {
  const answer = await callServer(server, 'GET', `/_omen/names/${what}`, keys)
  return (answer as { readonly names: readonly string[] }).names // the route's own form
}
