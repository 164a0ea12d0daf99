import { join } from 'node:path'
import { test } from 'node:test'
import { checkCorpus } from '../../../../../test/corpus/index.ts'
import { shapeNames, shapes } from './shapes.ts'

// `KIND SUBJECT`, and below it the claims of a token beside those of every one; `KIND` alone has the kind's own issuer and subject.

test('the claims of each kind of issuer (SHL-20, SHL-21, SHL-22)', () =>
  checkCorpus(join(import.meta.dirname, 'shapes.txt'), (line) => {
    const [, kind, given] = /^(\w+)(?: (.*))?$/.exec(line) ?? []
    const { issuer, subject, lifetimeSeconds, listsAudiences, claims } =
      shapes[shapeNames.find((each) => each === kind)!]
    try {
      const made = Object.entries(claims(given ?? subject)).map(
        ([name, value]) => `${name} ${JSON.stringify(value)}`,
      )
      return given === undefined
        ? [`${issuer} ${subject} ${lifetimeSeconds} ${listsAudiences ?? false}`, ...made]
        : made
    } catch (error) {
      return [String(error)]
    }
  }))
