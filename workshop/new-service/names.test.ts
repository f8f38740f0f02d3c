import { expect, test } from 'vitest'
import { parseNames, rename } from './names.ts'

test('every spelling of the template becomes the new name', () => {
  const names = parseNames('learning-path', 'step')
  const text =
    'sample-box sample_box SAMPLE_BOX SampleBox sampleBox sample-items sampleItem SampleItem a sample item'
  expect(rename(text, names)).toBe(
    'learning-path learning_path LEARNING_PATH LearningPath learningPath steps step Step a step',
  )
})

test('a name of one word has fewer spellings', () => {
  expect(rename('sample-box sampleBox SampleBox', parseNames('quiz', 'question'))).toBe('quiz quiz Quiz')
})

test.each(['', 'Quiz', 'quiz_1', '-quiz', 'quiz-', '../quiz', 'q'.repeat(31)])('"%s" is no name', (name) => {
  expect(() => parseNames(name)).toThrow('is no name')
})

test('a service cannot be named as what it keeps', () => {
  expect(() => parseNames('item')).toThrow('cannot both')
})
