import { performance } from 'node:perf_hooks'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** How V8's heap grows before it is collected. */
export interface HeapGrowth {
  /** The factor by which the young generation grows while much in it is in use: 2 is V8's own, 1 keeps it as it is. */
  readonly young: 1 | 2
  /** The bytes from which on the young generation grows no more; absent: V8's own bound. */
  readonly youngMost?: number
  /** The percentage by which the old generation grows beyond what is in use; 0 is V8's own choice, up to 300. */
  readonly old: number
}

/** The fastest for small calls: V8's own. */
export const quickHeap: HeapGrowth = { young: 2, old: 0 }

/**
 * For an import. The young generation would otherwise grow to 192 MB with it, and the old one
 * to four times of what is in use. Small calls take a tenth more processor time.
 */
export const closeHeap: HeapGrowth = { young: 1, old: 100 }

/**
 * For what passes small and large. In a young generation of 1 MB every fifth call is a collection, which copies all that is on
 * its way.
 */
export const passingHeap: HeapGrowth = { young: 2, youngMost: 12 * 1024 * 1024, old: 100 }

/** How often it is looked whether the young generation has its size, in milliseconds. */
const youngEvery = 200

/** How long the heap stays close after the last part of an import that does not end, in milliseconds. */
const importMilliseconds = 60_000

let usual: HeapGrowth | undefined
let importing: NodeJS.Timeout | undefined
let watching: NodeJS.Timeout | undefined

/** Sets how the heap of this process grows. Only a program that owns its process does so: V8's flags are the process's. */
export function ownHeap(growth: HeapGrowth): void {
  usual = growth
  if (importing === undefined) apply(growth)
  if (growth.youngMost === undefined) return
  clearInterval(watching)
  watching = setInterval(
    () => importing === undefined && apply(boundedYoung(growth, youngBytes())),
    youngEvery,
  )
  watching.unref()
}

/** How a heap grows whose young generation has this many bytes. */
export function boundedYoung(growth: HeapGrowth, bytes: number): HeapGrowth {
  return growth.youngMost !== undefined && bytes >= growth.youngMost ? { ...growth, young: 1 } : growth
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0
}

/** Whether this process is the program's own. A thread does not know it: the code that starts one says so. */
export function ownsProcess(): boolean {
  return usual !== undefined
}

/**
 * Bounds the heap of a process whose accounts leave the memory, if the process is the program's own. What they leave would
 * otherwise be collected only when it is several times of what is in use; now, when it is as much. Less memory than that
 * would cost more pauses.
 */
export function boundHeap(): void {
  if (usual !== undefined) ownHeap({ ...usual, old: closeHeap.old })
}

/** Keeps the heap close while an import goes on, if the process is the program's own. */
export function keepHeapClose(): void {
  if (usual === undefined) return
  if (importing !== undefined) {
    importing.refresh()
    return
  }
  apply(closeHeap)
  importing = setTimeout(endImport, importMilliseconds)
  importing.unref()
}

/** Ends what `keepHeapClose` began. */
export function endImport(): void {
  if (importing === undefined || usual === undefined) return
  clearTimeout(importing)
  importing = undefined
  apply(usual)
}

/** How often it is looked whether a program has come to rest, in milliseconds. */
const lookEvery = 5_000

/** A program that works less than this in one look, in milliseconds, is at rest. */
const restBelow = 250

/**
 * Says when a program that has worked comes to rest: once for each time that it worked.
 *
 * @param worked the milliseconds that it has worked since it began
 */
export function restWatch(worked: () => number): () => boolean {
  let before = 0
  let isTired = true // the start is work
  return () => {
    const now = worked()
    const rests = now - before < restBelow
    before = now
    const isTime = rests && isTired
    isTired = !rests
    return isTime
  }
}

/**
 * Lets this thread of a process of our own give back memory when it comes to rest. V8 does so by itself where little is allocated, but its clock for
 * it begins with a collection, and a thread at rest has none: 10,000 CreateRole left 600 MB that stayed. So the young
 * generation is collected once, which takes a few milliseconds; V8 does the rest in small steps, within some 20 seconds.
 */
export function giveBackAtRest(): void {
  const comesToRest = restWatch(() => performance.eventLoopUtilization().active)
  setInterval(() => comesToRest() && collectYoung(), lookEvery).unref()
}

/** Collects the young generation. A new context has the function that the flag brings; a V8 without it has none. */
function collectYoung(): void {
  const { runInNewContext } = process.getBuiltinModule('node:vm')
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('globalThis.gc')
  setFlagsFromString('--no-expose-gc')
  if (typeof collect === 'function') collect({ type: 'minor' })
}

/** V8 reads both flags when it collects, so they may change at any time. A V8 without them ignores them. */
function apply({ young, old }: HeapGrowth): void {
  setFlagsFromString(`--semi-space-growth-factor=${young}`)
  setFlagsFromString(`--heap-growing-percent=${old}`)
}
