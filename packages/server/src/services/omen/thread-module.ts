import { parentPort } from 'node:worker_threads'
import { techniqueTable } from '../../authorization/catalogue/index.ts'
import { Fault } from '../../base/index.ts'
import { type Graph, graphOf, joinWorlds } from '../../graph/index.ts'
import { answerTo } from './answers.ts'
import { keptGraphs, type ThreadAnswer, type ThreadQuestion } from './thread.ts'
import { worldOf } from './world.ts'

/** The thread that searches graphs: it answers one question after the other, and keeps the last graphs. */
const graphs = new Map<string, Graph>()

parentPort?.on('message', (question: ThreadQuestion) => {
  parentPort?.postMessage(answerOf(question))
})

function answerOf({ id, key, parts, question }: ThreadQuestion): ThreadAnswer {
  try {
    if (parts !== undefined) graphs.set(key, graphOf(joinWorlds(parts.map(worldOf)), techniqueTable()))
    const graph = graphs.get(key)
    if (graph === undefined) return { id, missing: true }
    // the one that was asked last is forgotten last
    graphs.delete(key)
    graphs.set(key, graph)
    for (const old of [...graphs.keys()].slice(0, -keptGraphs)) graphs.delete(old)
    return { id, output: answerTo(graph, question) }
  } catch (error) {
    if (error instanceof Fault) return { id, fault: { code: error.code, message: error.message } }
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
