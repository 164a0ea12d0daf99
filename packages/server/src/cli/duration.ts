import { badSyntax } from './failure.ts'

const units = { h: 3_600, m: 60, s: 1 } as const

/** Reads `3600`, `90m`, `1h30m`; returns seconds. @throws CommandFailure if it is none of them */
export function parseDuration(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  const match = /^(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s)?$/.exec(text)
  if (match === null || text === '')
    throw badSyntax(`${text} is not a duration: use seconds, or for example 90m or 12h`)
  const [, hours = '0', minutes = '0', seconds = '0'] = match
  return Number(hours) * units.h + Number(minutes) * units.m + Number(seconds)
}

/** Seconds as people write them: `12 h`, `1 h 30 min`, `45 s`. */
export function spokenDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const hours = Math.floor(whole / units.h)
  const minutes = Math.floor((whole % units.h) / units.m)
  if (hours === 0 && minutes === 0) return `${whole} s`
  return [hours > 0 ? `${hours} h` : '', minutes > 0 ? `${minutes} min` : ''].filter(Boolean).join(' ')
}
