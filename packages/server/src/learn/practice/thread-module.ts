import { parentPort, workerData } from 'node:worker_threads'
import { systemClock } from '../../base/index.ts'
import { type PracticeQuestion, Refusal } from '../../gate/index.ts'
import { Keeper, ownLessons, ProgressProblem, progressFile } from '../index.ts'
import { Practice } from './practice.ts'

/** The thread in which lessons are played: their houses and the judge keep no other caller waiting. */
const { folder } = workerData as { readonly folder: string } // of cli/practice-thread.ts

const practice = new Practice({
  lessons: ownLessons(),
  clock: systemClock,
  keeperOf: (person) =>
    new Keeper(progressFile(folder, person === '' ? 'learn.json' : `learn-${person}.json`), systemClock),
})

parentPort?.on(
  'message',
  ({ id, question }: { readonly id: number; readonly question: PracticeQuestion }) => {
    void practice.answer(question).then(
      (answer) => parentPort?.postMessage({ id, answer }),
      (error: unknown) => parentPort?.postMessage({ id, ...refusalOf(error) }),
    )
  },
)

function refusalOf(error: unknown) {
  if (error instanceof Refusal) return { status: error.status, message: error.error }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return error instanceof ProgressProblem ? { status: 409, message: error.message } : { failure: message }
}
