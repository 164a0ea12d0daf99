import type { Language, Same } from './language.ts'

const en = {
  server: (url: string) => `a server in memory: ${url}`,
  more: (tour: string, start: string) => `more:  ${tour}   then   ${start}`,
  console: 'The same in the console (link valid once, for ten minutes):',
  ends: 'Ctrl+C ends the server.',
}

const ja: Same<typeof en> = {
  server: (url) => `メモリ上のサーバー: ${url}`,
  more: (tour, start) => `続き:  ${tour}   次に   ${start}`,
  console: '同じ内容をコンソールで見る（リンクは一度だけ、十分間有効です）:',
  ends: 'Ctrl+C でサーバーが終わります。',
}

/** The words of omen demo. */
export const demoText: Readonly<Record<Language, typeof en | typeof ja>> = { en, ja }
