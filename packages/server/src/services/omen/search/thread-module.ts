import { parentPort, workerData } from 'node:worker_threads'
import { techniqueTable } from '../../../authorization/catalogue/index.ts'
import { assert, Fault, giveBackAtRest } from '../../../base/index.ts'
import { type Graph, graphOf, joinWorlds, type World } from '../../../graph/index.ts'
import type { Asked, FromThread, Told, ToThread } from '../index.ts'
import { AccountMirror } from './account-mirror.ts'
import { answerTo } from './answers.ts'
import { WatchedGroup } from './watched-group.ts'

/**
 * The thread that searches graphs. It has a copy of each account that it is asked about, and is sent what changes. Questions are
 * answered one after the other; judgements of changes share its time.
 */
const mirrors = new Map<number, AccountMirror>()
const groups = new Map<number, WatchedGroup>()
/** The accounts of a judgement, as they are if its change is made. */
const tried = new Map<number, ReadonlyMap<number, AccountMirror>>()

/** The graphs that were asked about last. */
const keptGraphs = 2
const graphs: { readonly worlds: readonly World[]; readonly graph: Graph }[] = []

if (workerData === 'gives back') giveBackAtRest()
parentPort?.on('message', (message: ToThread) => {
  if ('id' in message) void answered(message).then((answer) => parentPort?.postMessage(answer))
  else take(message)
})

function take(message: Told): void {
  switch (message.op) {
    case 'change':
      mirrors.set(message.account, AccountMirror.after(mirrors.get(message.account), message.change))
      return
    case 'base':
      groupOf(message.group).begin(joinWorlds(worldsOf(message.accounts)))
      return
    case 'judged': {
      const { judge, isMade } = message
      groupOf(message.group).end(judge, isMade)
      if (isMade) for (const [account, mirror] of tried.get(judge) ?? []) mirrors.set(account, mirror)
      tried.delete(judge)
      return
    }
    case 'forget':
      for (const account of message.accounts) mirrors.delete(account)
      if (message.group !== undefined) groups.delete(message.group)
  }
}

async function answered(message: Asked & { readonly id: number }): Promise<FromThread> {
  const { id } = message
  try {
    return { id, output: await outputOf(message) }
  } catch (error) {
    if (error instanceof Fault) return { id, fault: { code: error.code, message: error.message } }
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

function outputOf(message: Asked & { readonly id: number }): unknown {
  // the accounts as they are when the message comes: what is sent later does not count
  if (message.op === 'answer') return answerTo(graphOfWorlds(worldsOf(message.accounts)), message.question)
  const { accounts, steps } = message
  const group = groupOf(message.group)
  if (message.op === 'look') return group.look(joinWorlds(worldsOf(accounts)), steps)
  const after = new Map(
    message.tried.map(([account, change]) => [account, AccountMirror.after(mirrors.get(account), change)]),
  )
  tried.set(message.id, after)
  return group.judge(message.id, joinWorlds(worldsOf(accounts, after)), steps, message.limit)
}

function groupOf(number: number): WatchedGroup {
  const group = groups.get(number) ?? new WatchedGroup()
  groups.set(number, group)
  return group
}

function worldsOf(accounts: readonly number[], after?: ReadonlyMap<number, AccountMirror>): readonly World[] {
  return accounts.map((account) => {
    const mirror = after?.get(account) ?? mirrors.get(account)
    assert(mirror !== undefined, 'the thread was not sent the account')
    return mirror.world
  })
}

/** The graph of some worlds; of the same worlds the same graph. */
function graphOfWorlds(worlds: readonly World[]): Graph {
  const at = graphs.findIndex(
    (each) =>
      each.worlds.length === worlds.length && each.worlds.every((world, place) => world === worlds[place]),
  )
  const [known] = at < 0 ? [] : graphs.splice(at, 1)
  const kept = known ?? { worlds, graph: graphOf(joinWorlds(worlds), techniqueTable()) }
  // the one that was asked last is forgotten last
  graphs.push(kept)
  if (graphs.length > keptGraphs) graphs.shift()
  return kept.graph
}
