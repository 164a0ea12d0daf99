import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunningServer } from './home.ts'
import { noProfiles, run } from './run.ts'

/** Variables that would lead the command's clients to another endpoint. */
const otherEndpoints = /^AWS_(?:ENDPOINT_URL(?:_.+)?|IGNORE_CONFIGURED_ENDPOINT_URLS)$/

/** A folder for a server that lives no longer than one command. */
export function temporaryHome(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'omen-exec-'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/**
 * Runs a command to its end with the administrator's credentials, and with every AWS client in it pointed at the
 * server; `omen` commands within it find the server as well. Returns its exit code. @throws CommandFailure if it
 * cannot be started
 */
export function runAgainst(command: readonly string[], server: RunningServer, home: string): Promise<number> {
  for (const name of Object.keys(process.env)) if (otherEndpoints.test(name)) delete process.env[name]
  return run(command, server, {
    ...noProfiles,
    OMEN_HOME: home,
    AWS_ACCESS_KEY_ID: server.keys.admin.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.keys.admin.secretAccessKey,
  })
}
