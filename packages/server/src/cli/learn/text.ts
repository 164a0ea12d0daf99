import type { Language } from '../../learn/index.ts'
import { type Chapter, chapterNames } from '../../views/index.ts'

/** The words of `omen learn` itself. */
export interface LearnText {
  readonly title: string
  readonly chapters: Readonly<Record<Chapter, string>>
  readonly states: Readonly<Record<'new' | 'begun' | 'due' | 'solved' | 'kept', string>>
  readonly minutes: string
  readonly house: string
  readonly predict: string
  readonly sure: string
  readonly youSaid: string
  readonly wereSure: string
  readonly right: string
  readonly wrong: string
  readonly engine: string
  readonly task: string
  readonly files: string
  readonly change: string
  readonly hold: string
  readonly holds: string
  readonly fails: string
  readonly more: string
  readonly solved: string
  readonly remember: string
  readonly belief: string
  readonly solution: string
  readonly others: string
  readonly rule: string
  readonly tomorrow: string
  readonly goesOn: string
  readonly listKeys: string
  readonly taskKeys: string
  readonly editKey: string
  readonly answerKey: string
  readonly whichChapter: string
  readonly whyNothing: string
  readonly answerMissing: string
  readonly answer: string
  readonly hint: string
  readonly notYet: string
  readonly refused: string
  readonly next: string
  readonly review: string
  readonly reviewRight: (days: number | undefined) => string
  readonly reviewWrong: string
  readonly nothingDue: string
  readonly nothingToAsk: string
  readonly allDone: string
  readonly skip: string
  readonly leaves: string
  readonly shell: string
  readonly try: string
}

export const learnText: Readonly<Record<Language, LearnText>> = {
  en: {
    title: 'Never forgotten',
    chapters: chapterNames.en,
    states: { new: '', begun: 'begun', due: 'due today', solved: 'solved', kept: 'kept' },
    minutes: 'min',
    house: 'The house',
    predict: 'Say it before you see it:',
    sure: 'a letter; a capital one if you are sure; q leaves',
    youSaid: 'You said',
    wereSure: 'and were sure',
    right: 'That is so.',
    wrong: 'It is otherwise:',
    engine: 'The engine answers:',
    task: 'Task',
    files: 'Your files',
    change: 'Change them and save: each save is applied and judged.',
    hold: 'hold',
    holds: 'holds',
    fails: 'fails',
    more: 'more',
    solved: 'Solved.',
    remember: 'Remember',
    belief: 'Many say',
    solution: 'The shortest solution',
    others: 'What others often do',
    rule: 'The rule',
    tomorrow: 'Again tomorrow: omen learn review',
    goesOn: 'Enter goes on · q leaves',
    listKeys:
      'Enter plays ▸ · a number and Enter plays that one · r reviews · p proves a chapter · l 日本語 · q leaves',
    taskKeys: 'c check · $ shell · w why · ? hint · s solution · 0 start again · q leave',
    editKey: 'e edit',
    answerKey: 'a answer',
    whichChapter: 'Which chapter?',
    whyNothing: 'No decision refused it.',
    answerMissing: 'What is missing is your answer in words: a',
    answer: 'Your answer',
    hint: 'Hint',
    notYet: 'after three hints, or two checks that failed',
    refused: 'AWS refuses it:',
    next: 'Next',
    review: 'Review',
    reviewRight: (days) => (days === undefined ? 'Right: it is kept.' : `Right: again in ${days} d`),
    reviewWrong: 'Not so. It comes again tomorrow; the lesson: omen learn start',
    nothingDue: 'Nothing is due.',
    nothingToAsk:
      'The file decides no question: nobody has a proven path, or a fact is missing (--inventory).',
    allDone: 'Every lesson is solved.',
    skip: 'This task proves the chapter:',
    leaves: 'Left. It is kept where it is: omen learn',
    shell: 'a shell with the keys of this house; exit comes back',
    try: 'Without a terminal: omen learn say',
  },
  ja: {
    title: 'お面の稽古',
    chapters: chapterNames.ja,
    states: { new: '', begun: '途中', due: '今日おさらい', solved: '解けた', kept: '身についた' },
    minutes: '分',
    house: '家のようす',
    predict: '言ってみてから、確かめます。',
    sure: '文字を一つ。自信があれば大文字で。q でやめる',
    youSaid: 'あなたの答え',
    wereSure: '自信あり',
    right: 'そのとおり。',
    wrong: '実際はこうです：',
    engine: 'エンジンの答え：',
    task: '課題',
    files: 'ファイル',
    change: '直して保存してください。保存のたびに反映し、確かめます。',
    hold: 'できた',
    holds: 'できた',
    fails: 'まだ',
    more: '余分',
    solved: '解けました。',
    remember: '覚えること',
    belief: 'よくある思い込み',
    solution: 'いちばん短い解',
    others: 'よくある間違い',
    rule: '根拠',
    tomorrow: '明日もう一度：omen learn review',
    goesOn: 'Enter で次へ · q やめる',
    listKeys: 'Enter で ▸ を始める · 番号と Enter で選ぶ · r おさらい · p 章を飛ばす · l English · q やめる',
    taskKeys: 'c 確かめる · $ シェル · w なぜ · ? ヒント · s 解答 · 0 最初から · q やめる',
    editKey: 'e 編集',
    answerKey: 'a 答える',
    whichChapter: 'どの章ですか：',
    whyNothing: '拒否した判定はありません。',
    answerMissing: 'あとは言葉での答えです：a',
    answer: '答え',
    hint: 'ヒント',
    notYet: 'ヒントを三つ見るか、二回確かめてからです',
    refused: 'AWS が断りました：',
    next: '次',
    review: 'おさらい',
    reviewRight: (days) => (days === undefined ? '正解。身につきました。' : `正解。次は ${days} 日後です`),
    reviewWrong: '違いました。明日もう一度。レッスンは omen learn start',
    nothingDue: '今日のおさらいはありません。',
    nothingToAsk:
      'このファイルから決められる問いはありません。証明できる道がないか、事実が足りません（--inventory）。',
    allDone: '全部解けました。',
    skip: 'この課題が解ければ、章を飛ばせます：',
    leaves: 'ここまで。続きは omen learn で。',
    shell: 'この家のキーを持ったシェルです。exit で戻ります',
    try: '端末なしでは：omen learn say',
  },
}
