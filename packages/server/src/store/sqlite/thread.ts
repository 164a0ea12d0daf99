import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { giveBackAtRest } from '../../base/index.ts'
import { connectFile, openingFailure, reserveLog } from './connection.ts'
import { Database } from './database.ts'
import type { FromThread, ThreadOrder, ToThread } from './executor.ts'
import { LogSync } from './log-sync.ts'
import type { Request } from './request.ts'

/** A transaction of this many requests is full, so that the first does not wait for an endless queue. */
const requestsTogether = 4096

/** The idle time after which the thread does maintenance. */
const quietMilliseconds = 200

if (parentPort) serve(parentPort, workerData)

/** The store's own thread: opens the database, then answers requests until it must close. */
function serve(port: MessagePort, { file, givesBack }: ThreadOrder): void {
  const say = (what: FromThread) => port.postMessage(what)
  let database: Database
  try {
    database = new Database(connectFile(file))
  } catch (error) {
    const { message, held } = openingFailure(error, file)
    say({ failed: message, held })
    port.close()
    return
  }
  say('opened')
  if (givesBack) giveBackAtRest()
  const sync = new LogSync(file, () => database.beCareful())
  // the accounts have not been read yet: no caller waits
  database.prepareLookUps()
  const quiet = setTimeout(() => {
    while (database.index());
    database.checkpoint()
    reserveLog(file)
  }, quietMilliseconds)
  port.on('message', (first: ToThread) => {
    // More requests may have arrived while the last transaction was synced; they share the next one.
    const requests: Request[] = []
    let next: ToThread | undefined = first
    while (next !== undefined && next !== 'close') {
      for (const request of next) requests.push(request)
      next = requests.length < requestsTogether ? waitingMessage(port) : undefined
    }
    if (requests.length > 0) {
      say(database.run(requests))
      if (database.takeUnsynced()) sync.soon()
    }
    if (next === 'close') {
      clearTimeout(quiet)
      database.close()
      sync.close()
      port.close()
      return
    }
    database.index()
    quiet.refresh()
  })
}

function waitingMessage(port: MessagePort): ToThread | undefined {
  return receiveMessageOnPort(port)?.message as ToThread | undefined // the executor sends nothing else
}
