import { type Call, callsGlobalSts } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'

/** @throws Fault InvalidAction if a call of an operation of the regions reached the global endpoint (behaviour STS-139) */
export function refuseGlobalEndpoint({ origin }: Call, words: string): void {
  if (callsGlobalSts(origin)) throw fault('InvalidAction', words, 400)
}
