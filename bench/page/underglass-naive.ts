// This project with one kernel for each line of the tutorial.

import { underglass } from './underglass';

export default underglass('naive');
