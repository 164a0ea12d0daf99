import { existsSync } from 'node:fs'
import type { Keys } from '../client.ts'
import { runningServer } from '../client.ts'
import { keysIn } from '../environment-keys.ts'
import { badConfiguration } from '../failure.ts'
import { Home, type RunningServer } from '../home.ts'

/** A running server, and the keys of its administrator. */
export interface ServerTarget {
  readonly server: Pick<RunningServer, 'url' | 'partition'>
  readonly keys: Keys
}

/**
 * The server of a home's folder, or at a URL. The keys for a URL are those of the environment, or of the home whose
 * server is at that URL. @throws CommandFailure if no server runs there, or no keys are known
 */
export function serverTarget(
  into: string | undefined,
  home: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): ServerTarget {
  if (into === undefined || !/^https?:\/\//.test(into)) {
    const server = runningServer(Home.at(into ?? home))
    return { server, keys: server.keys.root }
  }
  if (!URL.canParse(into)) throw badConfiguration(`${into} is not a URL`)
  const server = existsSync(Home.at(home).folder) ? Home.at(home).readServer() : undefined
  if (server !== undefined && new URL(server.url).host === new URL(into).host)
    return { server, keys: server.keys.root }
  const keys = keysIn(environment)
  if (keys === undefined)
    throw badConfiguration(
      `no keys for ${into}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to those of its root or admin`,
    )
  return { server: { url: into }, keys }
}
