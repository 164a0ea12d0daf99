import { Fault } from '../../base/index.ts'
import type { Failure } from './check.ts'
import { detected, failed } from './sentences.ts'

const printable = 'It must contain only printable ASCII characters.'
const ofPath = 'It must begin and end with / and contain only alphanumeric characters and/or / characters.'
const ofPrefix =
  'It must begin with the / character and contain only alphanumeric characters and/or / characters.'

/**
 * Members that IAM itself checks, in its own words, after its front end has checked everything else. The front end
 * reports all violations at once, IAM only the first (behaviour WIRE-58).
 */
const ownSentences: ReadonlyMap<string, string> = new Map([
  // names
  ['[\\w+=,.@-]+', 'It must contain only alphanumeric characters and/or the following: +=,.@_-'],
  ['(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)', ofPath],
  ['((/[A-Za-z0-9\\.,\\+@=_-]+)*)/', ofPath], // paths of policies
  ['\\u002F[\\u0021-\\u007F]*', ofPrefix],
  // documents, keys, certificates, passwords
  ['[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+', printable],
  ['[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]+', printable],
  // markers
  ['[\\u0020-\\u00FF]+', printable],
])

/** Returns the fault for an input of IAM: it does not repeat values (behaviour WIRE-51). */
export function iamFault(failures: readonly Failure[]): Fault {
  const own = failures.find((each) => ownSentence(each) !== undefined)
  // an empty marker has IAM's own sentence, not that of its length
  const ofFrontEnd = failures.filter(
    (each) => ownSentence(each) === undefined && !(each.path === own?.path && each.path === 'marker'),
  )
  const message =
    ofFrontEnd.length === 0 && own !== undefined
      ? `The specified value for ${own.path} is invalid. ${ownSentence(own)}`
      : detected(ofFrontEnd.map((each) => failed(each, '', each.constraint)))
  return new Fault('ValidationError', message, 400)
}

function ownSentence({ rule, path }: Failure): string | undefined {
  if (rule.kind !== 'pattern') return undefined
  const sentence = ownSentences.get(rule.pattern)
  return sentence === ofPath && path === 'pathPrefix' ? ofPrefix : sentence
}
