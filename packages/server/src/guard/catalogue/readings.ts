import { actionInfo, serviceInfo } from '../../authorization/catalogue/index.ts'
import { lastPiece, parseArn, perText } from '../../base/index.ts'

/**
 * The beginnings of ARNs of resources whose names may contain slashes or colons, and which of both. All other names
 * are one piece; a reader may take the last piece of a longer one (behaviour GRD-51).
 */
const manyPieces: readonly (readonly [kind: string, separators: string])[] = [
  ['apigateway:', '/:'],
  ['application-autoscaling:', '/:'],
  ['autoscaling:', '/:'],
  ['batch:job-definition/', ':'],
  ['cloudwatch:', '/:'],
  ['codeartifact:', '/:'],
  ['cognito-identity:', ':'],
  ['ec2:', '/:'],
  ['ecr:', '/'],
  ['ecr-public:', '/'],
  ['execute-api:', '/:'],
  ['glue:schema/', '/'],
  ['iam:', '/'],
  ['iot:', '/:'],
  ['kms:alias/', '/'],
  ['logs:', '/:'],
  ['mediastore:', '/:'],
  ['s3:', '/:'],
  ['secretsmanager:secret:', '/'],
  ['ssm:parameter/', '/'],
  // a map state's label follows the machine's name
  ['states:stateMachine:', '/'],
]

/** The separators that names of a kind may hold. */
const separatorsOf = perText((kind: string) => manyPieces.find(([one]) => kind.startsWith(one))?.[1] ?? '', {
  texts: 10_000,
})

/** The readings of a name of a kind: as it is, and what follows its last slash or colon. */
export function readingsOf(name: string, kind: string): readonly string[] {
  if (!/[/:]/.test(name)) return [name]
  const free = separatorsOf(kind)
  const readings = ['/', ':'].filter((separator) => !free.includes(separator) && name.includes(separator))
  return [...new Set([name, ...readings.map((separator) => behind(name, separator))])]
}

function behind(name: string, separator: string): string {
  return name.slice(name.lastIndexOf(separator) + 1)
}

const piecesOf = (text: string) => text.split(/([/:])/)

/** Returns whether a resource of a kind has the pieces of a form, in which `*` is one name. */
export function fits(resource: string, form: string, kind: string): boolean {
  const free = separatorsOf(kind)
  if (free === '/:') return true
  const inside = kind.slice(kind.indexOf(':') + 1).length
  const plain =
    free === '' ? resource : resource.slice(0, inside) + resource.slice(inside).replaceAll(free, '_')
  const [pieces, wanted] = [piecesOf(plain), piecesOf(form)]
  return (
    pieces.length === wanted.length &&
    wanted.every((piece, index) => (piece === '*' ? pieces[index] !== '' : piece === pieces[index]))
  )
}

/** Returns whether a resource begins as a form and has as many pieces. */
export function hasPieces(resource: string, form: string): boolean {
  const [pieces, wanted] = [piecesOf(resource), piecesOf(form)]
  return pieces.length === wanted.length && pieces[0] === wanted[0]
}

/** Returns whether an ARN is one that the reference lists for an action. */
export function isOfAction(text: string, action: string): boolean {
  const arn = parseArn(text)
  const resources = actionInfo(action)?.resources ?? []
  return (
    arn !== undefined &&
    resources.some(({ arns }) => arns.some((form) => fits(arn.resource, plainForm(form), `${arn.service}:`)))
  )
}

/** The resource in a pattern of the reference, `*` for each of its variables. */
function plainForm(pattern: string): string {
  return parseArn(pattern)?.resource.replace(/\$\{[^}]*\}/g, '*') ?? ''
}

/** The forms of a service's ARNs by the service authorization reference, `*` for each of their variables. */
const formsOf = perText(
  (service: string): readonly string[] => {
    const types = [...(serviceInfo(service)?.resourceTypes.values() ?? [])]
    return types.flatMap((arns) => arns.map(plainForm))
  },
  { texts: 500 },
)

/**
 * The other readings of an ARN in a call that may be about any kind: the last piece after its kind, if its pieces are
 * not those of the reference's ARNs of that kind.
 */
export function arnReadings(text: string): readonly string[] {
  const arn = parseArn(text)
  const begins = /^[^/:]*[/:]/.exec(arn?.resource ?? '')?.[0]
  if (arn === undefined || begins === undefined) return []
  const { partition, service, region, account, resource } = arn
  const kind = `${service}:${begins}`
  const forms = formsOf(service).filter((form) => form.startsWith(begins) || form.startsWith('*/'))
  if (forms.length === 0 || forms.some((form) => fits(resource, form, kind))) return []
  return [`arn:${partition}:${service}:${region}:${account}:${begins}${lastPiece(resource)}`]
}
