Describe 'Models' {
    BeforeAll {
        Import-Module $env:OMNI_TEST_MODULE
        function Get-Completion([string] $line) {
            (TabExpansion2 $line -cursorColumn $line.Length).CompletionMatches.CompletionText
        }
        function Get-Refusal([scriptblock] $script) {
            $ErrorActionPreference = 'Continue'
            $trouble = @(& $script 2>&1 | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
            $trouble | Should -HaveCount 1
            "$($trouble[0])"
        }
        $own = '{"providers":[{"id":"apimart","models":[{0}]}]}'
        $wood = '{"id":"wood-1","prompt":{"wire":"prompt"},"required":["prompt"],' +
            '"duration":{"wire":"length","values":[3,7]},"aspect_ratio":{"wire":"shape","values":["1:1"]},' +
            '"options":{"grain":{"type":"string","values":["oak","pine"]}},' +
            '"price":{"date":"2026-11-01","basis":"list","per":"second","rates":[{"usd":0.1}]}}'
    }
    BeforeEach {
        $env:OMNI_HOME = New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))
        $env:OMNI_SANDBOX_SECONDS = '0.1'
        Push-Location $env:OMNI_HOME
        foreach ($name in 'a.png', 'b.png') {
            [IO.File]::WriteAllBytes((Join-Path $PWD $name),
                [byte[]](0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0))
        }
    }
    AfterEach {
        Pop-Location
        $env:OMNI_CATALOG = $env:OMNI_MAX_USD_PER_DAY = $null
    }

    It 'makes a vertical clip of ten seconds with sound from two frames with a model of the list' {
        $able = Get-OmniModel -Can FirstFrame, LastFrame, Audio -AspectRatio 9:16 -Duration 10
        $able.Model | Should -Contain 'kling-v3'
        $able.Model | Should -Not -Contain 'viduq3-pro' # With frames it takes no aspect ratio.
        ($able | Where-Object { $_.Provider -eq 'apimart' -and $_.Model -eq 'kling-v3' }).EstimatedUsd | Should -Be 1.26
        $file = $able | Where-Object Provider -eq apimart | Sort-Object EstimatedUsd | Select-Object -First 1 |
            New-OmniVideo 'the door opens' -FirstFrame a.png -LastFrame b.png -Audio On -Duration 10 -AspectRatio 9:16 |
            Wait-OmniVideoTask | Save-OmniVideo -Path out
        $file.Extension | Should -Be '.mp4'
        $task = Get-OmniVideoTask
        $task.Model | Should -Be 'seedance-2.0-fast'
        $task.Duration | Should -Be 10
    }

    It 'makes every clip that it lists' {
        foreach ($model in Get-OmniModel -Can FirstFrame, LastFrame, Audio -AspectRatio 9:16 -Duration 10) {
            $frames = @{ FirstFrame = 'a.png'; LastFrame = 'b.png' }
            $model | New-OmniVideo 'the door opens' @frames -Audio On -Duration 10 -AspectRatio 9:16 |
                Should -HaveCount 1
        }
    }

    It 'reads the new columns of a list, of CSV and of JSON, and an empty cell is a value not given' {
        $rows = & {
            'Prompt,Provider,Model,FirstFrame,LastFrame,Audio,NegativePrompt,Seed,Option,RequestKey'
            'a,apimart,kling-v3,a.png,b.png,Off,text,,"{""multi_shot"":false}",k1'
            'b,apimart,seedance-2.5,,,,,42,,k2'
        } | ConvertFrom-Csv
        $rows += '{ "Prompt": "c", "Provider": "apimart", "Model": "seedance-2.5", "Audio": true, "Seed": 7,
            "Option": { "watermark": true },
            "Video": ["https://example.com/1.mp4", "https://example.com/2.mp4"], "RequestKey": "k3" }' |
            ConvertFrom-Json
        $tasks = $rows | New-OmniVideo -ThrottleLimit 1 -WarningVariable warnings
        $tasks.RequestKey | Should -Be 'k1', 'k2', 'k3'
        $warnings | Should -BeNullOrEmpty
        # The same content again is known, another is not: all columns are part of it.
        ($rows | New-OmniVideo -ThrottleLimit 1).Id | Sort-Object | Should -Be ($tasks.Id | Sort-Object)
        $rows[1].Seed = '43'
        Get-Refusal { $rows[1] | New-OmniVideo } | Should -BeLike '*request key*'
    }

    It 'refuses a value that cannot be read, by the name of its parameter' {
        Get-Refusal { New-OmniVideo x -Audio maybe } |
            Should -BeLike ("*The choice of sound cannot be read. Parameter: -Audio. Received: 'maybe'. " +
                'Allowed: On, Off, or nothing. Nothing was sent*')
        Get-Refusal { New-OmniVideo x -Seed lots } | Should -BeLike '*Parameter: -Seed. Received: ''lots''*'
        Get-Refusal { New-OmniVideo x -Option '{"a":' } | Should -BeLike '*not a JSON object. Parameter: -Option.*'
        Get-Refusal { New-OmniVideo x -Option 5 } |
            Should -BeLike '*Parameter: -Option. Received: 5 (Int32). Allowed: a hashtable*'
        Get-Refusal { New-OmniVideo x -FirstFrame missing.png -Provider apimart -Model kling-v3 } |
            Should -BeLike '*Parameter: -FirstFrame.*'
        Get-Refusal { New-OmniVideo x -LastFrame b.png -Provider apimart -Model kling-v3 } |
            Should -BeLike '*needs a first frame with -LastFrame. Parameter: -FirstFrame.*'
        Get-Refusal { New-OmniVideo x -Provider apimart -Model kling-v3 -Seed 4 } |
            Should -BeLike '*does not take a seed. Parameter: -Seed.*'
        Get-Refusal { New-OmniVideo x -Provider apimart -Model kling-v3 -Option @{ negative_prompt = 'x' } } |
            Should -BeLike "*'negative_prompt' has an argument of its own: -NegativePrompt. Parameter: -Option.*"
        Get-Refusal { New-OmniVideo x -Provider apimart -Model kling-v3 -Option @{ webhook = 'x' } } |
            Should -BeLike '*cannot be set*'
        Get-OmniVideoTask | Should -BeNullOrEmpty
    }

    It 'names the models that can what the default model cannot' {
        New-OmniVideo x -FirstFrame a.png -ErrorVariable trouble -ErrorAction SilentlyContinue
        $trouble[0].ErrorDetails.RecommendedAction | Should -BeLike 'Models that can: *kling-v3*'
    }

    It 'converts a hashtable with lists and tables in it' {
        $option = @{ tools = @(@{ type = 'web_search' }); return_last_frame = $true }
        New-OmniVideo x -Provider apimart -Model seedance-2.0 -Option $option | Should -HaveCount 1
        New-OmniVideo x -Provider apimart -Model seedance-2.0 -Option ([pscustomobject]$option) | Should -HaveCount 1
    }

    It 'warns once in a session that a model has ended' {
        1..3 | ForEach-Object { "take $_" } | New-OmniVideo -Provider apimart -WarningVariable first 3>$null |
            Should -HaveCount 3
        New-OmniVideo again -Provider apimart -WarningVariable second 3>$null
        @($first) + @($second) -match 'was announced to end' | Should -HaveCount 1
        "$first" | Should -BeLike "*gemini-omni-flash-preview*2026-09-30*Its successor is 'gemini-omni-1.1-flash'*"
    }

    It 'counts dollars against their limit' {
        $env:OMNI_MAX_USD_PER_DAY = '1.5'
        New-OmniVideo one -Provider apimart 3>$null | Should -HaveCount 1
        Get-Refusal { New-OmniVideo two -Provider apimart } | Should -BeLike '*OMNI_MAX_USD_PER_DAY*'
    }

    It 'lists models by what they can, and refuses a word that is none' {
        (Get-OmniModel -Provider toapis -Can 4k).Model | Should -Be 'veo3.1-fast', 'veo3.1-quality', 'seedance-2'
        (Get-OmniModel 'veo*' -Provider apimart).Model | Should -Be 'veo3.1-fast', 'veo3.1-quality', 'veo3.1-lite'
        (Get-OmniModel Omni-Flash-Ext).Model | Should -Be 'gemini-omni-1.1-flash-ext'
        Get-OmniModel -Can Extend -Duration 500 | Should -BeNullOrEmpty
        { Get-OmniModel -Can Jump } |
            Should -Throw "There is no such ability. Parameter: -Can. Received: 'Jump'. Allowed: Text, Image*"
        Get-Refusal { Get-OmniModel kling-v9 } | Should -BeLike '*no such model. Parameter: -Model.*'
        (Get-OmniModel | Where-Object IsDefault).Model | Should -Be 'gemini_omni_flash', 'gemini-omni-flash-preview'
    }

    It 'has a table of at most 120 columns and a list with everything' {
        $lines = Get-OmniModel | Out-String -Width 120 -Stream
        $lines -match '…' | Should -BeNullOrEmpty
        $lines -match '^kling-v3 +apimart +5/10/15 +\$0\.42 ' | Should -HaveCount 1
        $lines -match '^seedance-2\.5 +apimart +4-30 ' | Should -HaveCount 1
        $text = Get-OmniModel kling-v3 -Provider apimart | Format-List | Out-String -Width 200
        foreach ($part in 'multi_shot', 'AspectRatios : 16:9', 'at most \$0\.42', 'docs\.apimart\.ai') {
            $text | Should -Match $part
        }
    }

    It 'compares the catalog with what the providers offer' {
        Get-OmniModel -Online | Should -BeNullOrEmpty
        (Get-OmniModel -Online -Provider apimart -Verbose 4>&1) -match 'apimart offers \d+ video models: 0 are new' |
            Should -HaveCount 1
    }

    It 'completes models, capabilities and the values of the named model' {
        Get-Completion 'New-OmniVideo x -Model klin' | Should -Be 'kling-v3', 'kling-3.0-turbo'
        Get-Completion 'New-OmniVideo x -Model kling-v3 -AspectRatio 1:' | Should -Be '1:1'
        Get-Completion 'New-OmniVideo x -Audio O' | Should -Be 'On', 'Off'
        Get-Completion 'Get-OmniModel -Can F' | Should -Be 'FirstFrame'
        Get-Completion 'Get-OmniModel -AspectRatio 9' | Should -Be '9:16'
    }

    It 'uses the models of OMNI_CATALOG' {
        $env:OMNI_CATALOG = Join-Path $env:OMNI_HOME 'own.json'
        $own.Replace('{0}', $wood) | Set-Content $env:OMNI_CATALOG
        $model = Get-OmniModel wood-1 -Duration 7
        $model.EstimatedUsd | Should -Be 0.7
        $model.Options | Should -Be 'grain'
        Get-Completion 'New-OmniVideo x -Model woo' | Should -Be 'wood-1'
        Get-Completion 'New-OmniVideo x -Model wood-1 -Duration ' | Should -Be '3', '7'
        New-OmniVideo x -Model wood-1 -Duration 3 -Option @{ grain = 'oak' } | Wait-OmniVideoTask |
            Save-OmniVideo -Path out | Should -HaveCount 1
        Get-Refusal { New-OmniVideo x -Model wood-1 -Duration 5 } | Should -BeLike '*Allowed: apimart: 3 or 7*'
        (Get-OmniProvider apimart).Models.Id | Should -Contain 'wood-1'
    }

    It 'reports a mistake in models.json with its line, and the other models work' {
        $own.Replace('{0}', "`n{ `"id`": `"wood-1`", `"promt`": 1 }") |
            Set-Content (Join-Path $env:OMNI_HOME 'models.json')
        $models = Get-OmniModel -ErrorVariable trouble -ErrorAction SilentlyContinue
        $models.Model | Should -Contain 'kling-v3'
        $trouble | Should -HaveCount 1
        $trouble[0].FullyQualifiedErrorId | Should -BeLike 'OmniInvalidConfiguration,*'
        "$trouble" | Should -BeLike "*models.json, line 2, *promt*"
        New-OmniVideo x -Provider toapis -WarningVariable warnings 3>$null | Should -HaveCount 1
        "$warnings" | Should -BeLike '*models.json, line 2*'
    }
}
