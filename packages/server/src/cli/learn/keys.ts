import { exitCodes } from '../failure.ts'
import { print, safe } from '../output.ts'
import { columnsOf, widthOf, wrapped } from '../width.ts'

/** The answer of a prompt when the learner leaves: Ctrl-C, Ctrl-D, or the end of the input. */
export const left = undefined

/** The events that can interrupt a prompt. */
export interface Interrupting {
  /** Resolves when a file was saved. */
  next(): Promise<void>
}

/** The answer of a prompt when a file was saved. */
export const saved = '\u0000'

/** The longest line that is typed. */
const longest = 600
const [interrupt, endOfInput, sequence] = ['\u0003', '\u0004', '\u001b']

/**
 * The keys of the terminal. A key that means something by itself counts at once; anything else begins a line, which Enter
 * ends. The terminal is as before whenever nothing is asked.
 */
export class Keys {
  readonly #input: NodeJS.ReadStream
  readonly #output: NodeJS.WriteStream
  /** Typed and not asked for yet. */
  #waiting: string[] = []
  #take: ((key: string | undefined) => void) | undefined
  #ended = false
  #isLent = false

  constructor(input: NodeJS.ReadStream, output: NodeJS.WriteStream) {
    this.#input = input
    this.#output = output
    input.setEncoding('utf8')
    input.on('data', this.#read)
    input.once('end', () => {
      this.#ended = true
      this.#give(undefined)
    })
    process.once('exit', this.#restore)
    process.once('SIGTERM', this.#terminate)
    process.on('SIGINT', this.#interrupt)
  }

  /**
   * Asks for a key or a line. @param words what is asked, repeated when the terminal changes its size
   * @param singles keys that count at once; Enter alone is the empty text
   */
  async ask(words: string, singles: string, interrupting?: Interrupting): Promise<string | undefined> {
    this.#hold(true)
    const show = () => {
      for (const line of fitted(words, Math.min(76, widthOf(this.#output) - 4))) print(`  ${line}\n`)
      print('  > ')
    }
    let line = ''
    const again = () => {
      print('\n')
      show()
      print(safe(line))
    }
    show()
    this.#output.on('resize', again)
    let isOver = false
    void interrupting?.next().then(() => !isOver && this.#give(saved))
    try {
      for (;;) {
        const key = await this.#next()
        if (key === saved) {
          print('\n')
          return saved
        }
        if (key === undefined || key === interrupt || (key === endOfInput && line === '')) {
          print('\n')
          if (key === interrupt) process.exitCode = exitCodes.interrupted
          return left
        }
        if (key === '\r' || key === '\n') {
          print('\n')
          return line.trim()
        }
        if (line === '' && singles.includes(key)) {
          print(`${key}\n`)
          return key
        }
        if (key === '\u007f' || key === '\b') {
          const gone = columnsOf([...line].at(-1) ?? '')
          print('\b'.repeat(gone) + ' '.repeat(gone) + '\b'.repeat(gone))
          line = [...line].slice(0, -1).join('')
        } else if (/^[^\p{Cc}]$/u.test(key) && line.length < longest) {
          line += key
          print(safe(key))
        }
      }
    } finally {
      isOver = true
      this.#output.off('resize', again)
      this.#hold(false)
    }
  }

  /** Leaves the input to another program while it runs. */
  async lend(run: () => Promise<void>): Promise<void> {
    this.#hold(false)
    this.#input.off('data', this.#read)
    this.#input.pause()
    this.#isLent = true
    try {
      await run()
    } finally {
      this.#isLent = false
      this.#input.on('data', this.#read)
    }
  }

  close(): void {
    this.#restore()
    process.off('exit', this.#restore)
    process.off('SIGTERM', this.#terminate)
    process.off('SIGINT', this.#interrupt)
    this.#input.off('data', this.#read)
    this.#input.pause()
  }

  /** Keys are read one by one, and not shown by the terminal itself, only while something is asked. */
  #hold(isAsking: boolean): void {
    this.#input.setRawMode?.(isAsking)
    if (isAsking) this.#input.resume()
  }

  readonly #restore = (): void => {
    this.#input.setRawMode?.(false)
  }

  /** Ctrl-C while nothing is asked. In another program that has the terminal it is that program's. */
  readonly #interrupt = (): void => {
    if (this.#isLent) return
    this.#restore()
    process.exit(exitCodes.interrupted)
  }

  readonly #terminate = (): void => {
    this.#restore()
    process.exit(128 + 15)
  }

  readonly #read = (text: string): void => {
    // an arrow or a function key is a sequence that means nothing here
    if (text.startsWith(sequence) && text.length > 1) return
    for (const key of text) this.#give(key)
  }

  #give(key: string | undefined): void {
    const take = this.#take
    this.#take = undefined
    if (take !== undefined) take(key)
    else if (key !== undefined && key !== saved) this.#waiting.push(key)
  }

  #next(): Promise<string | undefined> {
    const first = this.#waiting.shift()
    if (first !== undefined || this.#ended) return Promise.resolve(first)
    return new Promise((resolve) => {
      this.#take = resolve
    })
  }
}

/** Lines of a prompt: it is broken between its keys, and elsewhere only where one is wider than a line. */
function fitted(words: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const item of words.split(' · ')) {
    const last = lines.at(-1)
    if (last !== undefined && columnsOf(`${last} · ${item}`) <= width)
      lines[lines.length - 1] = `${last} · ${item}`
    else lines.push(...wrapped(item, width))
  }
  return lines
}
