/** The seconds of an ISO 8601 duration of hours, minutes and seconds; 0 for any other. */
export function secondsOf(duration: string): number {
  const [, hours = 0, minutes = 0, seconds = 0] = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(duration) ?? []
  return Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)
}
