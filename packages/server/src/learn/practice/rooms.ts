import type { Clock } from '../../base/index.ts'
import { type Lesson, LessonHouse } from '../index.ts'
import { viewAnswer } from './view.ts'

/** A lesson's house that a learner has open. */
export interface Room {
  readonly lesson: Lesson
  readonly house: LessonHouse
  /** The engine's answers about the prediction, once it was asked. */
  shown?: readonly ReturnType<typeof viewAnswer>[]
  usedAt: number
}

const limits = {
  /** Houses that are open at a time. The one that was used longest ago gives way. */
  open: 4,
  /** Milliseconds without a request after which a house is gone. */
  idle: 30 * 60_000,
} as const

/** The open houses of all learners. */
export class Rooms {
  readonly #clock: Clock
  /** By learner and lesson; the one that was used last is the last. */
  readonly #rooms = new Map<string, Room>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get count(): number {
    return this.#rooms.size
  }

  /** The house of a lesson: the learner's own, or a new one. */
  async of(person: string, lesson: Lesson): Promise<Room> {
    await this.#sweep()
    const key = `${person} ${lesson.id}`
    const known = this.#rooms.get(key)
    this.#rooms.delete(key)
    const usedAt = this.#clock.now()
    const room = known ?? { lesson, house: await LessonHouse.open(lesson), usedAt }
    room.usedAt = usedAt
    this.#rooms.set(key, room)
    for (const old of [...this.#rooms.keys()].slice(0, -limits.open)) await this.#close(old)
    return room
  }

  async leave(person: string, id: string): Promise<void> {
    await this.#close(`${person} ${id}`)
  }

  async close(): Promise<void> {
    for (const key of [...this.#rooms.keys()]) await this.#close(key)
  }

  async #sweep(): Promise<void> {
    const now = this.#clock.now()
    for (const [key, { usedAt }] of [...this.#rooms]) if (now - usedAt > limits.idle) await this.#close(key)
  }

  async #close(key: string): Promise<void> {
    const room = this.#rooms.get(key)
    this.#rooms.delete(key)
    await room?.house.close()
  }
}

/**
 * Returns the engine's answers about the prediction of a room's lesson: it is asked once, and the server is then as it
 * began.
 */
export async function shownIn(room: Room) {
  if (room.shown !== undefined) return room.shown
  const shown: ReturnType<typeof viewAnswer>[] = []
  for (const check of room.lesson.predict.shows) shown.push(viewAnswer(check, await room.house.ask(check)))
  await room.house.startAgain()
  room.shown = shown
  return shown
}
