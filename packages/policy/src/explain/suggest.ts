import type { CompiledSet } from '../compile/compile.ts'
import type { Request } from '../evaluate/request.ts'
import type { Suggestion } from './edit.ts'

export function suggest(_request: Request, _compiled: CompiledSet): readonly Suggestion[] {
  return []
}
