import { judge, LessonHouse, ownLessons } from '../../packages/server/src/learn/index.ts'

/** How often each lesson's task is judged. */
const rounds = 5

/** Times of opening the world of each lesson, and of judging it: the budget is 100 ms and 50 ms on a free machine. */
export async function bench(): Promise<void> {
  const lessons = ownLessons()
  // the first server of a process loads what all share
  const [first] = lessons
  if (first !== undefined) await (await LessonHouse.open(first)).close()
  for (const lesson of lessons) {
    const begun = performance.now()
    const server = await LessonHouse.open(lesson)
    const opened = performance.now() - begun
    await server.attempt(lesson.solution)
    const times: number[] = []
    let asked = 0
    for (let round = 0; round < rounds; round++) {
      const at = performance.now()
      asked = (await judge(lesson, server)).asked
      times.push(performance.now() - at)
    }
    await server.close()
    const median = times.toSorted((one, other) => one - other)[Math.floor(rounds / 2)] ?? 0
    const line = `world ${opened.toFixed(0).padStart(4)} ms, judge ${median.toFixed(1).padStart(6)} ms, ${asked} questions`
    process.stdout.write(`${lesson.id.padEnd(26)} ${line}\n`)
  }
}
