"""What does a call return? Answered from source text alone: nothing is imported, nothing is run.

Each package below is a room of one idea and imports only those before it:

    syntax      one module's text as tables of bindings, and which binding reaches a use
    types       what an expression can be: the values that all the others hand to one another
    modules     from a module's name to its tables: the project, installed packages, the bundled knowledge
    questions   how a question is asked, kept and given up; the protocol by which all see the evaluator
    kinds       from a value to the kind that rules ask for: coroutine, task, value
    names       what a name is: assignments, tests on the way, containers and what fills them
    calls       what a call gives: overloads, constructors, decorators, type variables
    members     what an attribute is: bases, properties, descriptors, protocols
    evaluator   the one place where all of these meet
    project     what imports cannot tell: who calls, who inherits, who reads, in the whole project
    effects     what a call changes, followed through the project
    callables   what becomes of a callable, or of an argument, that a function is given
    independence
                whether awaits one after another could run together
    blocking    which functions lead to a call that keeps its thread
    proofs      that a value cannot be awaited
    answers     the answer with its evidence, as a message says it
    view        what rules may ask of the file under check, by what the question is about

It has two doors, and nothing outside imports anything else: `face.py` for rules and for those who run them, `entry.py`
for who opens a project's files. `explain.py` and `explanation.py` write the way to an answer down, and
`loop_explanation.py` the way to a verdict about a loop.
"""
