// This project, tuned, with each network of a task in a group of its own: what training them together is held against.

import { underglass } from './underglass';

export default underglass('tuned', 'apart');
