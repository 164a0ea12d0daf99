import { Composer, type Document, Lexer, Parser } from 'yaml'

const options = {
  schema: 'core',
  merge: true,
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
  resolveKnownTags: false,
} as const

/**
 * The documents of a YAML text, with their mistakes. YAML 1.2 wants flow collections and texts in quotes to stay right of the key that
 * they belong to; readers of YAML 1.1, CloudFormation's among them, do not (behaviour TPL-157). So a text that only breaks this
 * rule is read without it, and any other one has the mistakes that the rule finds, which are nearer to their cause.
 */
export function yamlDocuments(text: string): readonly Document.Parsed[] {
  const documents = compose(text, new Lexer())
  const isLeft = documents.some(({ errors }) => errors.some(({ code }) => ofIndent.has(code)))
  const lenient = isLeft ? anyIndent() : undefined
  if (lenient === undefined) return documents
  const again = compose(text, lenient)
  return again.some(({ errors }) => errors.length > 0) ? documents : again
}

/** Mistakes that content left of its key makes. */
const ofIndent: ReadonlySet<string> = new Set(['BAD_INDENT', 'MISSING_CHAR'])

function compose(text: string, lexer: Lexer): readonly Document.Parsed[] {
  const parser = new Parser()
  function* tokens() {
    for (const lexeme of lexer.lex(text)) yield* parser.next(lexeme)
    yield* parser.end()
  }
  return [...new Composer(options).compose(tokens(), false, text.length)]
}

/** The members that the lexer's types do not show. */
interface Inside {
  /** The least indent of what goes on on the next line. */
  indentNext: number
  parseFlowCollection(): Generator<string, unknown>
  parseQuotedScalar(): Generator<string, unknown>
}

/** A lexer for which flow collections and texts in quotes may have any indent; undefined if there is none. */
function anyIndent(): Lexer | undefined {
  const lexer = new Lexer()
  const inside = lexer as unknown as Inside // looked at on the next line
  if (typeof inside.parseFlowCollection !== 'function' || typeof inside.parseQuotedScalar !== 'function')
    return undefined
  for (const name of ['parseFlowCollection', 'parseQuotedScalar'] as const) {
    const parse = inside[name].bind(lexer)
    inside[name] = function* () {
      const least = inside.indentNext
      inside.indentNext = 0
      try {
        return yield* parse()
      } finally {
        inside.indentNext = least
      }
    }
  }
  return lexer
}
