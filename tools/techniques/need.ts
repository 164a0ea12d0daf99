import type {
  TechniqueNeed,
  TechniqueVariable,
} from '../../packages/server/src/authorization/catalogue/index.ts'

/** Reads `ACTION on VARIABLE`, with what follows it, and perhaps `then` before it. @throws Error for a variable that is not known */
export function needOf(text: string): TechniqueNeed {
  const [plain = '', set] = (text.startsWith('then ') ? text.slice('then '.length) : text).split(' with ')
  const ownGrant = plain.endsWith(' by own grant')
  const [action = '', named = ''] = (ownGrant ? plain.slice(0, -' by own grant'.length) : plain).split(' on ')
  const [on = '', as] = named.split(' as ')
  return {
    action,
    on: variableOf(on),
    ...(as === undefined ? {} : { as }),
    ...(set === undefined ? {} : { with: Object.fromEntries(set.split(' and ').map(keyOf)) }),
    ...(ownGrant ? { ownGrant: true } : {}),
  }
}

function keyOf(text: string): readonly [key: string, value: string] {
  const equals = text.indexOf('=')
  return [text.slice(0, equals), text.slice(equals + 1)]
}

function variableOf(text: string): TechniqueVariable {
  if (text.startsWith('resource ')) return { is: 'resource', type: text.slice(9) }
  switch (text) {
    case 'target':
    case 'policy':
    case 'group':
    case 'boundary':
    case 'profile':
    case 'provider':
    case 'new':
    case 'workload':
    case 'any':
      return { is: text }
    default:
      throw new Error(`${text} is no variable`)
  }
}
